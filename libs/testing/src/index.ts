export { type ApplicationOptions, ApplicationUnderTest, type Instance, type Mode, modes, type ServiceName, serviceNames } from './application-under-test.js';
export { BrokerWindow, TcpProxy } from './broker-window.js';
export { eventually } from './eventually.js';
export { writeInventory } from './flow-inventory.js';
export { type FreshDatabase, freshDatabase, testSetting, withClient } from './fresh-database.js';
export { type HttpAnswer, type HttpCall, HttpClient } from './http-client.js';
export { checkoutDir, type Exit, type LogRecord, ServiceProcess, type Settings } from './service-process.js';
export { type CallFilter, type DeviceRow, type Fault, type OvocObject, type OvocResource, type PeerCall, type PeerName, Simulators } from './simulators.js';

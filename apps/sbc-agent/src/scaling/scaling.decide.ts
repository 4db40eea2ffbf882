/** How many agents the work asks for, of which each serves so many devices. */
export function agentsWanted(busyDevices: number, devicesPerAgent: number): number {
  return Math.max(1, Math.ceil(busyDevices / devicesPerAgent));
}

import { placeholder } from '@trunkline/contracts';
console.log(placeholder);

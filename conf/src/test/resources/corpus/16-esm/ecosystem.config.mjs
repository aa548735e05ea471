import { cpus } from 'node:os';
const instances = Math.min(cpus().length, 1);
export default { apps: [{ name: 'esm', script: 'main.mjs', instances }] };

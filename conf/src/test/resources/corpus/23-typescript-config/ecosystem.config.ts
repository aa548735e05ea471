interface App { name: string; script: string; instances?: number }
const apps: App[] = [{ name: 'typed', script: 'src/server.ts', instances: 2 }];
export default { apps };

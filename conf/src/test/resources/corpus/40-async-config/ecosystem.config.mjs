const load = async () => ({ PORT: '9000' });
export default async () => ({ apps: [{ name: 'later', script: 'later.js', env: await load() }] });

// A Node-RED of its own: nothing to look at, nothing that asks the network, and a flow from a file.
module.exports = {
  flowFile: require('path').join(__dirname, 'flow.json'),
  httpAdminRoot: false,
  httpNodeRoot: false,
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.UI_PORT),
  credentialSecret: false,
  telemetry: { enabled: false },
  externalModules: { autoInstall: false, palette: { allowInstall: false } },
  functionGlobalContext: { home: require('./home.js') },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};

// Runs in an app before its own code, given by `bun --preload` or `node --require`; see docs/app-channel.md. Each part is loaded only
// when the daemon asks for it by an environment variable, which is taken away again so that children of the app do not
// see it: BUNCTL_SHARE_PORT=1 and BUNCTL_NOTIFY=<path of a Unix socket>.
"use strict";

const sharesPort = process.env.BUNCTL_SHARE_PORT === "1";
const notifyPath = process.env.BUNCTL_NOTIFY;
delete process.env.BUNCTL_SHARE_PORT;
delete process.env.BUNCTL_NOTIFY;

// A worker of node:cluster listens through its parent.
if (sharesPort && process.env.NODE_UNIQUE_ID === undefined) {
  const { sharePort } = typeof Bun === "undefined" ? require("./share-port-node.cjs") : require("./share-port-bun.cjs");
  sharePort();
}

// Whoever was forked with a channel of its own keeps that.
if (notifyPath && !process.send) require("./channel.cjs").openChannel(notifyPath);

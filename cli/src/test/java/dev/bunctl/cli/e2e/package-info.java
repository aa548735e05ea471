/** The whole of bunctl from the outside: the packaged command, the real guard and daemon, real Bun apps. */
package dev.bunctl.cli.e2e;

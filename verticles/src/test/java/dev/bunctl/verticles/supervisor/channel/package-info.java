/** Tests of what programs and daemon say to each other. */
@org.jspecify.annotations.NullMarked
package dev.bunctl.verticles.supervisor.channel;

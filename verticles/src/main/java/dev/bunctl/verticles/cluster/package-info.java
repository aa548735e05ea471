/**
 * Many hosts: this daemon as a node of a cluster. A Vert.x of its own is clustered, through Hazelcast, and only while the settings
 * say so; the daemon's own bus stays local. No class here names one of Hazelcast's: its jars are loaded by a class loader of their
 * own when they are needed.
 */
@NullMarked
package dev.bunctl.verticles.cluster;

import org.jspecify.annotations.NullMarked;

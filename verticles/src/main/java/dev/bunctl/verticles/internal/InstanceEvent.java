package dev.bunctl.verticles.internal;

import java.time.Instant;

/**
 * One change of one instance, published on {@link InternalAddresses#EVENTS}.
 *
 * @param type past tense, such as {@code spawned}, {@code became_ready}, {@code exited}, {@code gave_up}, {@code stopped}
 * @param snapshot the instance after the change
 */
public record InstanceEvent(Instant at, String type, InstanceSnapshot snapshot) {}

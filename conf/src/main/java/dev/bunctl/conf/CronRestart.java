package dev.bunctl.conf;

import java.time.ZoneId;

/**
 * Restarts at fixed times.
 *
 * @param expression five or six cron fields
 * @param zone in which they are read
 */
public record CronRestart(String expression, ZoneId zone) {}

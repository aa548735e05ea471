package dev.bunctl.verticles.cluster;

import io.vertx.core.spi.cluster.ClusterManager;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Hazelcast and Vert.x's manager of it, in jars that are on nobody's class path. */
final class ClusterLibrary {
    private static final String CONFIGURATION = "com.hazelcast.config.Config";
    private static final String MANAGER = "io.vertx.spi.cluster.hazelcast.HazelcastClusterManager";

    /** Held, for a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET = Stream.of(
                    "com.hazelcast", "io.vertx.spi.cluster", "io.vertx.core.eventbus")
            .map(Logger::getLogger)
            .toList();

    private final Path folder;

    /** @param folder the jars */
    ClusterLibrary(Path folder) {
        this.folder = folder;
    }

    /**
     * A manager of the cluster that a configuration of Hazelcast describes. Blocks.
     *
     * @throws IOException when the jars are missing, or the configuration is not valid
     */
    ClusterManager manager(String configuration) throws IOException {
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
        ClassLoader loader = loader();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Class<?> type = loader.loadClass(CONFIGURATION);
            Object read = type.getMethod("loadFromString", String.class).invoke(null, configuration);
            var _ = type.getMethod("setClassLoader", ClassLoader.class).invoke(read, loader);
            return (ClusterManager)
                    loader.loadClass(MANAGER).getConstructor(type).newInstance(read);
        } catch (java.lang.reflect.InvocationTargetException refused) {
            Throwable cause = refused.getCause() == null ? refused : refused.getCause();
            throw new IOException("Hazelcast does not take its configuration: " + cause.getMessage(), cause);
        } catch (ReflectiveOperationException other) {
            throw new IOException("the jars in " + folder + " are not those of this version: " + other, other);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Not closed: what it has loaded is used as long as the node is in the cluster, and collected with it. */
    @SuppressWarnings("StreamResourceLeak")
    private ClassLoader loader() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("this installation lacks what a cluster needs: " + folder + " is missing");
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            URL[] urls = new URL[jars.size()];
            for (int at = 0; at < urls.length; at++) {
                urls[at] = jars.get(at).toUri().toURL();
            }
            return new URLClassLoader("bunctl-cluster", urls, ClusterLibrary.class.getClassLoader());
        }
    }
}

package dev.bunctl.os.linux;

import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.OutputPipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose beginning the guard wrote to a file while no daemon read it. The file is taken in first, in as few
 * steps as the log allows, and given back to the guard once it is read to its end; a daemon that dies before makes the next
 * one take it in again: output may come twice then, it is never lost.
 */
final class SpilledPipe implements OutputPipe {
    private static final System.Logger LOG = System.getLogger(SpilledPipe.class.getName());

    private final Path path;
    private final OutputPipe rest;
    private final Runnable taken;
    private @Nullable FileChannel spill;
    private boolean opened;

    SpilledPipe(Path path, OutputPipe rest, Runnable taken) {
        this.path = path;
        this.rest = rest;
        this.taken = taken;
    }

    @Override
    public synchronized void onReadable(Executor executor, Runnable callback) {
        if (available(spilled()) > 0) {
            executor.execute(callback);
        } else {
            rest.onReadable(executor, callback);
        }
    }

    /** The file while it has more, else null. */
    private @Nullable FileChannel spilled() {
        if (!opened) {
            opened = true;
            try {
                spill = FileChannel.open(path, StandardOpenOption.READ);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.ERROR, "output kept in " + path + " cannot be taken in", e);
            }
        }
        FileChannel file = spill;
        if (file != null && available(file) == 0) {
            closeSpill();
            taken.run();
        }
        return spill;
    }

    private long available(@Nullable FileChannel file) {
        if (file == null) {
            return 0;
        }
        try {
            return file.size() - file.position();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "output kept in " + path + " cannot be taken in", e);
            closeSpill();
            return 0;
        }
    }

    @Override
    public synchronized int read(ByteBuffer buffer) throws NativeException {
        FileChannel file = spilled();
        if (file == null) {
            return rest.read(buffer);
        }
        try {
            return Math.max(EMPTY, file.read(buffer));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized int transferTo(LogFile target, long offset, int limit) throws NativeException {
        FileChannel file = spilled();
        if (file == null) {
            return rest.transferTo(target, offset, limit);
        }
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(available(file), limit));
        try {
            long start = file.position();
            int count = Math.max(EMPTY, file.read(chunk, start));
            writeWholly(target, chunk.array(), count, offset);
            file.position(start + count); // only what is written counts as taken
            return count;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** All or nothing: the next daemon would write again what a disk that became full took, behind its cut beginning. */
    private static void writeWholly(LogFile target, byte[] bytes, int count, long offset) throws NativeException {
        try {
            target.write(bytes, 0, count, offset);
        } catch (NativeException e) {
            if (target.size() > offset) {
                target.truncate(offset);
            }
            throw e;
        }
    }

    private NativeException failed(IOException cause) {
        NativeException failure = new NativeException("read", 0, path + ": " + cause.getMessage());
        failure.initCause(cause);
        return failure;
    }

    @Override
    public synchronized int available() throws NativeException {
        long here = available(spilled());
        return here > 0 ? (int) Math.min(Integer.MAX_VALUE, here) : rest.available();
    }

    @Override
    public synchronized long kept() {
        return available(spilled());
    }

    @Override
    public synchronized long keptSize() {
        FileChannel file = spilled();
        try {
            return file == null ? 0 : file.size();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "output kept in " + path + " cannot be taken in", e);
            return 0;
        }
    }

    @Override
    public OutputPipe live() {
        return rest;
    }

    @Override
    public boolean unheld() {
        return rest.unheld();
    }

    @Override
    public int grow(int bytes) {
        return rest.grow(bytes);
    }

    private void closeSpill() {
        FileChannel file = spill;
        spill = null;
        if (file == null) {
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a file that was only read", e);
        }
    }

    @Override
    public synchronized void close() {
        opened = true;
        closeSpill();
        rest.close();
    }
}

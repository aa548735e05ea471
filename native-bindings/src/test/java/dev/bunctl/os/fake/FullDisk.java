package dev.bunctl.os.fake;

import dev.bunctl.os.api.LogFile;
import dev.bunctl.os.api.NativeException;
import dev.bunctl.os.api.Platform;

/** A disk that refuses to take more while it is full. */
public final class FullDisk {
    private volatile long room = Long.MAX_VALUE;

    public void fill() {
        room = 0;
    }

    /** Takes so many bytes more. */
    public void fillAfter(long bytes) {
        room = bytes;
    }

    public void free() {
        room = Long.MAX_VALUE;
    }

    public Platform over(Platform platform) {
        return (Platform) java.lang.reflect.Proxy.newProxyInstance(
                Platform.class.getClassLoader(), new Class<?>[] {Platform.class}, (self, method, arguments) -> {
                    Object result = method.invoke(platform, arguments);
                    return method.getName().equals("openLog") ? new Guarded((LogFile) result) : result;
                });
    }

    /** A file on it. */
    public LogFile over(LogFile file) {
        return new Guarded(file);
    }

    private final class Guarded implements LogFile {
        private final LogFile file;

        Guarded(LogFile file) {
            this.file = file;
        }

        @Override
        public long size() throws NativeException {
            return file.size();
        }

        @Override
        public void write(byte[] bytes, int from, int length, long offset) throws NativeException {
            int taken = (int) Math.min(length, room);
            file.write(bytes, from, taken, offset);
            room = room == Long.MAX_VALUE ? room : room - taken;
            if (taken < length) {
                throw new NativeException("write", FakeLogFile.NO_SPACE, "No space left on device");
            }
        }

        @Override
        public void truncate(long size) throws NativeException {
            long before = file.size();
            file.truncate(size);
            room = room == Long.MAX_VALUE ? room : room + before - size;
        }

        @Override
        public void sync() throws NativeException {
            file.sync();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}

package dev.bunctl.os.api;

/** A call into the operating system failed. Carries the call, its errno and what it was about. */
public final class NativeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;
    private final String detail;

    /**
     * @param call the call or step that failed, such as {@code open} or {@code chdir}
     * @param errno the system's number for the cause; 0 when it gave none
     * @param detail what the call was about and what the number means, for a person
     */
    public NativeException(String call, int errno, String detail) {
        super(call + ": " + detail + (errno == 0 ? "" : " (errno " + errno + ")"));
        this.call = call;
        this.errno = errno;
        this.detail = detail;
    }

    public String call() {
        return call;
    }

    public int errno() {
        return errno;
    }

    public String detail() {
        return detail;
    }
}

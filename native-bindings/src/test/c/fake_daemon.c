/*
 * Stands where the daemon does: hands its descriptors 3 and 4 to the test that listens on $FAKE_DAEMON_SOCKET, with
 * its pid, then ends with the byte the test sends, or with 1 when the test is gone. FAKE_DAEMON_FAIL makes it end at once.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *path = getenv("FAKE_DAEMON_SOCKET");
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (path == NULL || strlen(path) >= sizeof address.sun_path || fd < 0) {
        return 100;
    }
    strcpy(address.sun_path, path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        return 101;
    }
    struct {
        pid_t pid;
        sigset_t mask;
    } about = {.pid = getpid()};
    sigprocmask(SIG_SETMASK, NULL, &about.mask);
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control = {0};
    int passed[2] = {3, 4};
    struct iovec part = {.iov_base = &about, .iov_len = sizeof about};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof passed);
    memcpy(CMSG_DATA(header), passed, sizeof passed);
    if (sendmsg(fd, &message, MSG_NOSIGNAL) < 0) {
        return 102;
    }
    unsigned char code;
    return recv(fd, &code, 1, 0) == 1 ? code : 1;
}

// _GNU_SOURCE comes from the build: it makes struct ucred and pthread_setname_np visible.
#include "CPlatform.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int platform_get_peer_credentials(int socket, struct platform_peer_credentials *credentials) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        return errno;
    }
    credentials->process = peer.pid;
    credentials->user = peer.uid;
    credentials->group = peer.gid;
    return 0;
}

int platform_set_thread_name(const char *name) {
    // The kernel refuses a longer name instead of cutting it: 15 bytes and the final zero.
    char kept[16];
    size_t length = strnlen(name, sizeof kept - 1);
    memcpy(kept, name, length);
    kept[length] = 0;
    return pthread_setname_np(pthread_self(), kept);
}

int platform_notify(const char *address, const char *message) {
    return platform_send_datagram(address, message, strlen(message));
}

int platform_send_datagram(const char *address, const void *bytes, size_t count) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t length = strlen(address);
    if (length < 2 || (address[0] != '/' && address[0] != '@')) {
        return EINVAL;
    }
    if (length >= sizeof to.sun_path) {
        return ENAMETOOLONG;
    }
    memcpy(to.sun_path, address, length);
    // An abstract name starts with a zero byte and ends where the address length says: no final zero.
    socklen_t size = offsetof(struct sockaddr_un, sun_path) + length;
    if (address[0] == '@') {
        to.sun_path[0] = 0;
    } else {
        size += 1;
    }
    int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sender < 0) {
        return errno;
    }
    ssize_t sent = sendto(sender, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&to, size);
    int failure = sent < 0 ? errno : 0;
    close(sender);
    return failure;
}

int64_t platform_boottime_microseconds(void) {
    struct timespec now;
    // CLOCK_BOOTTIME exists on every kernel this runs on: the call cannot fail.
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int platform_get_free_bytes(const char *path, uint64_t *bytes) {
    struct statvfs file_system;
    if (statvfs(path, &file_system) != 0) {
        return errno;
    }
    *bytes = (uint64_t)file_system.f_bavail * file_system.f_frsize;
    return 0;
}

void platform_give_back_memory(void) {
    malloc_trim(0);
}

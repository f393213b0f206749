// See FaultShim.h. Every function here has the name of one of libc and takes its place in the program. Calls that have
// nothing to do with the directory go straight to the kernel; the others take turns, so that the order of the records is
// the order in which things happened.
#define _GNU_SOURCE
#include "FaultShim.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, PARTS_MAX = 1024 };

static char root[PATH_BYTES];
static size_t root_length;
static int trace = -1;
static const char *failing_class = "";
static long failing_at, failing_count = 1;
static int failing_error;
static const char *hit_file;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int system_open(int directory, const char *path, int flags, mode_t mode) {
    return (int)syscall(SYS_openat, directory, path, flags, mode);
}

__attribute__((constructor)) static void begin(void) {
    const char *given = getenv("FAULT_ROOT");
    if (given == NULL || strlen(given) >= sizeof root) return;
    strcpy(root, given);
    root_length = strlen(root);
    const char *file = getenv("FAULT_TRACE");
    if (file != NULL) trace = system_open(AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const char *name = getenv("FAULT_CLASS"), *at = getenv("FAULT_AT"), *error = getenv("FAULT_ERROR");
    if (name == NULL || at == NULL || error == NULL) return;
    failing_at = atol(at);
    failing_error = atoi(error);
    const char *count = getenv("FAULT_COUNT");
    if (count != NULL) failing_count = atol(count);
    hit_file = getenv("FAULT_HIT");
    failing_class = name;
}

// What a class is called, and how many of its calls there were.
static struct {
    const char *name;
    atomic_long seen;
} classes[] = {{"write", 0}, {"sync", 0},     {"open", 0}, {"rename", 0}, {"remove", 0},
               {"mkdir", 0}, {"truncate", 0}, {"map", 0},  {"read", 0},   {"accept", 0}};

enum { CLASS_COUNT = sizeof classes / sizeof classes[0] };

__attribute__((destructor)) static void end(void) {
    const char *given = getenv("FAULT_SEEN");
    if (given == NULL) return;
    int file = system_open(AT_FDCWD, given, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (int index = 0; index < CLASS_COUNT; index++) {
        char line[64];
        int length = snprintf(line, sizeof line, "%s %ld\n", classes[index].name, atomic_load(&classes[index].seen));
        if (syscall(SYS_write, file, line, (size_t)length) != length) abort();
    }
    syscall(SYS_close, file);
}

static int is_below(const char *path) {
    return root_length > 0 && strncmp(path, root, root_length) == 0 &&
           (path[root_length] == '/' || path[root_length] == 0);
}

/// The path of an open file, if it lies below the directory and still has a name.
static int find(int descriptor, char *path) {
    if (root_length == 0) return 0;
    int error = errno;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_BYTES - 1);
    errno = error;
    if (length <= 0) return 0;
    path[length] = 0;
    return is_below(path) && strstr(path, " (deleted)") == NULL;
}

/// The absolute form of a path, if it lies below the directory.
static int resolve(int directory, const char *given, char *path) {
    if (root_length == 0) return 0;
    if (given[0] == '/') {
        if (!is_below(given) || strlen(given) >= PATH_BYTES) return 0;
        strcpy(path, given);
        return 1;
    }
    char base[PATH_BYTES];
    if (directory == AT_FDCWD || !find(directory, base)) return 0;
    return snprintf(path, PATH_BYTES, "%s/%s", base, given) < PATH_BYTES;
}

/// Whether this call of the class is to fail; errno is set then.
static int fails(const char *class) {
    long number = 0;
    for (int index = 0; index < CLASS_COUNT; index++)
        if (strcmp(class, classes[index].name) == 0) number = atomic_fetch_add(&classes[index].seen, 1) + 1;
    if (strcmp(class, failing_class) != 0) return 0;
    if (number < failing_at || number >= failing_at + failing_count) return 0;
    if (hit_file != NULL) {
        int hit = system_open(AT_FDCWD, hit_file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (hit >= 0) syscall(SYS_close, hit);
    }
    errno = failing_error;
    return 1;
}

/// Says in the file that is made when a call was failed what it was about.
static void note_path(const char *path) {
    int error = errno;
    int hit = hit_file == NULL ? -1 : system_open(AT_FDCWD, hit_file, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
    if (hit >= 0) {
        if (syscall(SYS_write, hit, path, strlen(path)) < 0) abort();
        syscall(SYS_close, hit);
    }
    errno = error;
}

static void record(enum fault_kind kind, int durable, uint64_t offset, const char *path, const char *other,
                   const struct iovec *parts, int count, size_t bytes) {
    if (trace < 0) return;
    int error = errno;
    struct iovec all[PARTS_MAX + 3];
    struct fault_record head = {kind, (uint32_t)durable, offset, (uint32_t)strlen(path),
                                other == NULL ? 0 : (uint32_t)strlen(other), bytes};
    all[0] = (struct iovec){&head, sizeof head};
    all[1] = (struct iovec){(void *)path, head.path_length};
    all[2] = (struct iovec){(void *)other, head.other_length};
    int used = 3;
    for (int index = 0; index < count && bytes > 0; index++) {
        size_t length = parts[index].iov_len < bytes ? parts[index].iov_len : bytes;
        all[used++] = (struct iovec){parts[index].iov_base, length};
        bytes -= length;
    }
    // A trace with a hole would prove what is not true.
    if (syscall(SYS_writev, trace, all, used) < 0) abort();
    errno = error;
}

static void record_name(enum fault_kind kind, const char *path, const char *other) {
    record(kind, 0, 0, path, other, NULL, 0, 0);
}

/// All forms of writing. The place is -1 for where the descriptor stands.
static ssize_t write_parts(int descriptor, const struct iovec *parts, int count, off_t place) {
    char path[PATH_BYTES];
    if (count > PARTS_MAX || !find(descriptor, path))
        return place < 0 ? syscall(SYS_writev, descriptor, parts, count)
                         : syscall(SYS_pwritev, descriptor, parts, count, (unsigned long)place, 0UL);
    struct iovec half;
    if (fails("write")) {
        if (failing_error != 0) return -1;
        half = (struct iovec){parts[0].iov_base, parts[0].iov_len / 2};
        parts = &half;
        count = 1;
    }
    pthread_mutex_lock(&turn);
    int flags = (int)syscall(SYS_fcntl, descriptor, F_GETFL);
    off_t start = place;
    if (place < 0) start = syscall(SYS_lseek, descriptor, 0L, flags & O_APPEND ? SEEK_END : SEEK_CUR);
    ssize_t written = place < 0 ? syscall(SYS_writev, descriptor, parts, count)
                                : syscall(SYS_pwritev, descriptor, parts, count, (unsigned long)place, 0UL);
    if (written > 0)
        record(FAULT_WRITE, (flags & O_DSYNC) != 0, (uint64_t)start, path, NULL, parts, count, (size_t)written);
    pthread_mutex_unlock(&turn);
    return written;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    struct iovec part = {(void *)bytes, count};
    return write_parts(descriptor, &part, 1, -1);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t place) {
    struct iovec part = {(void *)bytes, count};
    return write_parts(descriptor, &part, 1, place);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t place) {
    return pwrite(descriptor, bytes, count, place);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    return write_parts(descriptor, parts, count, -1);
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t place) {
    return write_parts(descriptor, parts, count, place);
}

ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off_t place) {
    return write_parts(descriptor, parts, count, place);
}

int ftruncate(int descriptor, off_t size) {
    char path[PATH_BYTES];
    if (!find(descriptor, path)) return (int)syscall(SYS_ftruncate, descriptor, size);
    if (fails("truncate")) return -1;
    pthread_mutex_lock(&turn);
    int result = (int)syscall(SYS_ftruncate, descriptor, size);
    if (result == 0) record(FAULT_TRUNCATE, 0, (uint64_t)size, path, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&turn);
    return result;
}

int ftruncate64(int descriptor, off_t size) { return ftruncate(descriptor, size); }

static int sync_file(long call, int descriptor) {
    char path[PATH_BYTES];
    if (!find(descriptor, path)) return (int)syscall(call, descriptor);
    if (fails("sync")) {
        note_path(path);
        // Without an error it is said to have been made.
        return failing_error == 0 ? 0 : -1;
    }
    pthread_mutex_lock(&turn);
    int result = (int)syscall(call, descriptor);
    if (result == 0) record_name(FAULT_SYNC, path, NULL);
    pthread_mutex_unlock(&turn);
    return result;
}

int fsync(int descriptor) { return sync_file(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return sync_file(SYS_fdatasync, descriptor); }

static int open_file(int directory, const char *given, int flags, mode_t mode) {
    char path[PATH_BYTES];
    if (!resolve(directory, given, path)) return system_open(directory, given, flags, mode);
    if (fails("open")) return -1;
    if ((flags & (O_CREAT | O_TRUNC)) == 0) return system_open(directory, given, flags, mode);
    pthread_mutex_lock(&turn);
    int is_there = syscall(SYS_faccessat, directory, given, F_OK) == 0;
    int result = system_open(directory, given, flags, mode);
    if (result >= 0 && !is_there) record_name(FAULT_CREATE, path, NULL);
    if (result >= 0 && is_there && (flags & O_TRUNC) != 0) record(FAULT_TRUNCATE, 0, 0, path, NULL, NULL, 0, 0);
    pthread_mutex_unlock(&turn);
    return result;
}

static mode_t mode_of(int flags, va_list rest) {
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                                  \
    int name(const char *path, int flags, ...) {                    \
        va_list rest;                                               \
        va_start(rest, flags);                                      \
        mode_t mode = mode_of(flags, rest);                         \
        va_end(rest);                                               \
        return open_file(AT_FDCWD, path, flags, mode);              \
    }
#define OPENAT(name)                                                \
    int name(int directory, const char *path, int flags, ...) {     \
        va_list rest;                                               \
        va_start(rest, flags);                                      \
        mode_t mode = mode_of(flags, rest);                         \
        va_end(rest);                                               \
        return open_file(directory, path, flags, mode);             \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int mkdirat(int directory, const char *given, mode_t mode) {
    char path[PATH_BYTES];
    if (!resolve(directory, given, path)) return (int)syscall(SYS_mkdirat, directory, given, mode);
    if (fails("mkdir")) return -1;
    pthread_mutex_lock(&turn);
    int result = (int)syscall(SYS_mkdirat, directory, given, mode);
    if (result == 0) record_name(FAULT_MKDIR, path, NULL);
    pthread_mutex_unlock(&turn);
    return result;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int renameat(int from_directory, const char *from, int to_directory, const char *to) {
    char path[PATH_BYTES], other[PATH_BYTES];
    if (!resolve(from_directory, from, path) || !resolve(to_directory, to, other))
        return (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, 0);
    if (fails("rename")) return -1;
    pthread_mutex_lock(&turn);
    int result = (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, 0);
    if (result == 0) record_name(FAULT_RENAME, path, other);
    pthread_mutex_unlock(&turn);
    return result;
}

int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int unlinkat(int directory, const char *given, int flags) {
    char path[PATH_BYTES];
    if (!resolve(directory, given, path)) return (int)syscall(SYS_unlinkat, directory, given, flags);
    if (fails("remove")) return -1;
    pthread_mutex_lock(&turn);
    int result = (int)syscall(SYS_unlinkat, directory, given, flags);
    if (result == 0) record_name((flags & AT_REMOVEDIR) != 0 ? FAULT_RMDIR : FAULT_UNLINK, path, NULL);
    pthread_mutex_unlock(&turn);
    return result;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

// What is not modelled must not happen unseen.
static int refuse(const char *given) {
    char path[PATH_BYTES];
    if (resolve(AT_FDCWD, given, path)) abort();
    return 0;
}

int link(const char *from, const char *to) {
    refuse(to);
    return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int fallocate(int descriptor, int mode, off_t place, off_t count) {
    char path[PATH_BYTES];
    int is_ours = find(descriptor, path);
    if (is_ours && fails("truncate")) return -1;
    if (is_ours) pthread_mutex_lock(&turn);
    int result = (int)syscall(SYS_fallocate, descriptor, mode, place, count);
    if (is_ours && result == 0) {
        // Only what it does to the size is modelled.
        off_t size = syscall(SYS_lseek, descriptor, 0L, SEEK_END);
        record(FAULT_TRUNCATE, 0, (uint64_t)size, path, NULL, NULL, 0, 0);
    }
    if (is_ours) pthread_mutex_unlock(&turn);
    return result;
}

int fallocate64(int descriptor, int mode, off_t place, off_t count) { return fallocate(descriptor, mode, place, count); }

int posix_fallocate(int descriptor, off_t place, off_t count) {
    int error = errno;
    int result = fallocate(descriptor, 0, place, count) == 0 ? 0 : errno;
    errno = error;
    return result;
}

int posix_fallocate64(int descriptor, off_t place, off_t count) { return posix_fallocate(descriptor, place, count); }

// Calls that change nothing, here only to fail.

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t place) {
    char path[PATH_BYTES];
    if (descriptor >= 0 && find(descriptor, path) && fails("map")) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, place);
}

void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off_t place) {
    return mmap(address, length, protection, flags, descriptor, place);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
    char path[PATH_BYTES];
    if (find(descriptor, path) && fails("read")) return -1;
    return syscall(SYS_read, descriptor, bytes, count);
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t place) {
    char path[PATH_BYTES];
    if (find(descriptor, path) && fails("read")) return -1;
    return syscall(SYS_pread64, descriptor, bytes, count, place);
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off_t place) {
    return pread(descriptor, bytes, count, place);
}

int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags) {
    if (root_length > 0 && fails("accept")) return -1;
    return (int)syscall(SYS_accept4, socket, address, length, flags);
}

int accept(int socket, struct sockaddr *address, socklen_t *length) { return accept4(socket, address, length, 0); }

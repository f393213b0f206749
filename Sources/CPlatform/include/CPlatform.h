// What segmentd needs from Linux and Glibc does not show to Swift.
//
// Every function that can fail returns 0 or an errno value.
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// The module is this header and what it includes.
#include "CRC32C.h"
#include "HMACSHA256.h"
#include "Prefetch.h"

/// Who is at the other end of a Unix socket, as the kernel saw it when the connection was made.
struct platform_peer_credentials {
    pid_t process;
    uid_t user;
    gid_t group;
};

/// Asks the kernel (SO_PEERCRED) who connected to the socket.
int platform_get_peer_credentials(int socket, struct platform_peer_credentials *_Nonnull credentials);

/// Names the calling thread; the kernel keeps 15 bytes, the rest of a longer name is cut off.
int platform_set_thread_name(const char *_Nonnull name);

/// Sends a service manager message ("READY=1\n…") as one datagram.
///
/// `address` is the value of NOTIFY_SOCKET: an absolute path, or '@' and an abstract name. Never blocks:
/// EAGAIN if the receiver's queue is full.
int platform_notify(const char *_Nonnull address, const char *_Nonnull message);

/// Sends bytes as one datagram to a Unix socket, named as above. Never blocks: EAGAIN if the receiver's queue is full.
int platform_send_datagram(const char *_Nonnull address, const void *_Nonnull bytes, size_t count);

/// Microseconds since boot, suspended time included: it neither jumps nor stops (CLOCK_BOOTTIME).
int64_t platform_boottime_microseconds(void);

/// Returns freed memory to the system that the allocator would keep.
void platform_give_back_memory(void);

/// Bytes an ordinary user may still write to the file system that holds the path.
int platform_get_free_bytes(const char *_Nonnull path, uint64_t *_Nonnull bytes);

#endif

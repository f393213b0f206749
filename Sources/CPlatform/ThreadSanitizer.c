// Swift's `Mutex` takes a free lock in code that is compiled into its users, which the thread sanitizer sees. It waits for
// one that is taken, and hands it on, in its library, which is not instrumented: what it orders would be taken for a race.
// In builds for the sanitizer these two calls of the library are told to it. Elsewhere this file is empty.

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#include <dlfcn.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define MUTEX __attribute__((swift_context)) void *mutex
// _MutexHandle._lockSlow(UInt32) and _MutexHandle._unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

__attribute__((swiftcall)) void platform_lock_slow(uint32_t thread, MUTEX) __asm__(LOCK);
__attribute__((swiftcall)) void platform_unlock_slow(MUTEX) __asm__(UNLOCK);

__attribute__((swiftcall)) void platform_lock_slow(uint32_t thread, MUTEX) {
    __attribute__((swiftcall)) void (*lock)(uint32_t, MUTEX) = dlsym(RTLD_NEXT, LOCK);
    lock(thread, mutex);
    __tsan_acquire(mutex);
}

__attribute__((swiftcall)) void platform_unlock_slow(MUTEX) {
    __attribute__((swiftcall)) void (*unlock)(MUTEX) = dlsym(RTLD_NEXT, UNLOCK);
    __tsan_release(mutex);
    unlock(mutex);
}
#endif
#endif

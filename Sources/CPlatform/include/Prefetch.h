#pragma once

/// Asks the processor to have the memory at the address in its cache soon; returns at once. Any address will do.
static inline void platform_prefetch(const void *_Nullable address) { __builtin_prefetch(address); }

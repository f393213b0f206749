#pragma once
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, as in RFC 3720) of the bytes, continuing from `crc`; start with 0.
/// Uses the processor's instruction where it has one.
uint32_t platform_crc32c(uint32_t crc, const void *bytes, size_t count);

#include "Parser.hpp"

namespace csj {
namespace {

/// Four hexadecimal digits as a number, or -1.
int32_t hex4(const uint8_t *from, const uint8_t *end) noexcept {
    if (end - from < 4) return -1;
    int32_t value = 0;
    for (int digit = 0; digit < 4; digit++) {
        uint8_t byte = from[digit];
        uint8_t lower = byte | 0x20;
        if (byte >= '0' && byte <= '9') {
            value = value * 16 + (byte - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            value = value * 16 + (lower - 'a' + 10);
        } else {
            return -1;
        }
    }
    return value;
}

uint8_t *write_scalar(uint32_t scalar, uint8_t *to) noexcept {
    if (scalar < 0x80) {
        *to++ = static_cast<uint8_t>(scalar);
    } else if (scalar < 0x800) {
        *to++ = static_cast<uint8_t>(0xC0 | (scalar >> 6));
        *to++ = static_cast<uint8_t>(0x80 | (scalar & 0x3F));
    } else if (scalar < 0x10000) {
        *to++ = static_cast<uint8_t>(0xE0 | (scalar >> 12));
        *to++ = static_cast<uint8_t>(0x80 | ((scalar >> 6) & 0x3F));
        *to++ = static_cast<uint8_t>(0x80 | (scalar & 0x3F));
    } else {
        *to++ = static_cast<uint8_t>(0xF0 | (scalar >> 18));
        *to++ = static_cast<uint8_t>(0x80 | ((scalar >> 12) & 0x3F));
        *to++ = static_cast<uint8_t>(0x80 | ((scalar >> 6) & 0x3F));
        *to++ = static_cast<uint8_t>(0x80 | (scalar & 0x3F));
    }
    return to;
}

/// Reads the rest of a \u escape, a pair of surrogates as one scalar. A surrogate alone is an error: it has no UTF-8.
bool read_scalar(const uint8_t *&from, const uint8_t *end, uint32_t &scalar) noexcept {
    int32_t first = hex4(from, end);
    if (first < 0) return false;
    from += 4;
    scalar = static_cast<uint32_t>(first);
    if (first < 0xD800 || first > 0xDFFF) return true;
    if (first > 0xDBFF || end - from < 6 || from[0] != '\\' || from[1] != 'u') return false;
    int32_t second = hex4(from + 2, end);
    if (second < 0xDC00 || second > 0xDFFF) return false;
    from += 6;
    scalar = 0x10000 + ((static_cast<uint32_t>(first) - 0xD800) << 10) + (static_cast<uint32_t>(second) - 0xDC00);
    return true;
}

/// The byte that a one-letter escape stands for, or 0.
uint8_t simple_escape(uint8_t letter) noexcept {
    switch (letter) {
        case '"': return '"';
        case '\\': return '\\';
        case '/': return '/';
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return 0;
    }
}

}  // namespace

uint8_t *unescape(const uint8_t *from, const uint8_t *end, uint8_t *to, const uint8_t *&bad) noexcept {
    while (from < end) {
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }
        bad = from;
        if (end - from < 2) return nullptr;
        uint8_t letter = from[1];
        from += 2;
        if (letter == 'u') {
            uint32_t scalar = 0;
            if (!read_scalar(from, end, scalar)) return nullptr;
            to = write_scalar(scalar, to);
        } else if (uint8_t byte = simple_escape(letter)) {
            *to++ = byte;
        } else {
            return nullptr;
        }
    }
    return to;
}

}  // namespace csj

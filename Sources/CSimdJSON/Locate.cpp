#include "Parser.hpp"

namespace csj {
namespace {

bool continues(const uint8_t *at, const uint8_t *end, int count) noexcept {
    for (int step = 1; step <= count; step++) {
        if (at + step >= end || (at[step] & 0xC0) != 0x80) return false;
    }
    return true;
}

/// Bytes of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7), or 0.
int sequence_length(const uint8_t *at, const uint8_t *end) noexcept {
    uint8_t lead = *at;
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(at, end, 1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (!continues(at, end, 2)) return 0;
        if (lead == 0xE0 && at[1] < 0xA0) return 0;
        if (lead == 0xED && at[1] > 0x9F) return 0;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (!continues(at, end, 3)) return 0;
        if (lead == 0xF0 && at[1] < 0x90) return 0;
        if (lead == 0xF4 && at[1] > 0x8F) return 0;
        return 4;
    }
    return 0;
}

/// The first byte that is not part of well-formed UTF-8, or `end`.
const uint8_t *first_malformed(const uint8_t *from, const uint8_t *end) noexcept {
    while (from < end) {
        int length = sequence_length(from, end);
        if (length == 0) return from;
        from += length;
    }
    return end;
}

/// Whether everything from a malformed byte on is the beginning of one sequence.
bool is_cut_sequence(const uint8_t *from, const uint8_t *end) noexcept {
    if (*from < 0xC2 || *from > 0xF4 || end - from > 3) return false;
    for (const uint8_t *at = from + 1; at < end; at++) {
        if ((*at & 0xC0) != 0x80) return false;
    }
    return true;
}

}  // namespace

Failure locate(simdjson::error_code code, const uint8_t *bytes, size_t length) noexcept {
    const uint8_t *end = bytes + length;
    bool in_string = false;
    // The first of all defects is reported, whichever the first stage came upon.
    const uint8_t *malformed = first_malformed(bytes, end);
    for (const uint8_t *at = bytes; at < malformed; at++) {
        if (!in_string) {
            in_string = *at == '"';
        } else if (*at == '"') {
            in_string = false;
        } else if (*at == '\\') {
            at++;
        } else if (*at < 0x20) {
            size_t offset = static_cast<size_t>(at - bytes);
            return {csj_status_syntax, offset, "a control character inside a string must be written as an escape"};
        }
    }
    if (malformed < end) {
        size_t offset = is_cut_sequence(malformed, end) ? length : static_cast<size_t>(malformed - bytes);
        return {csj_status_encoding, offset, "the bytes are not valid UTF-8"};
    }
    if (code == simdjson::EMPTY) return {csj_status_syntax, length, "there is no JSON value"};
    if (in_string) return {csj_status_syntax, length, "a string is not closed"};
    return {csj_status_syntax, 0, simdjson::error_message(code)};
}

}  // namespace csj

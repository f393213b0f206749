// The parser behind the C face: simdjson's index, the tokens, and the text of strings that had escapes.

#ifndef CSIMDJSON_PARSER_HPP
#define CSIMDJSON_PARSER_HPP

#include <simdjson.h>

#include <cstdlib>
#include <memory>

#include "CSimdJSON.h"

namespace csj {

/// Memory that grows and is kept for the next document; its content does not survive growing.
template <typename Element>
class Scratch {
public:
    Scratch() = default;
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    ~Scratch() { std::free(elements_); }

    bool reserve(size_t count) noexcept {
        if (count <= capacity_) return true;
        size_t capacity = capacity_ * 2 > count ? capacity_ * 2 : count;
        std::free(elements_);
        elements_ = static_cast<Element *>(std::malloc(capacity * sizeof(Element)));
        capacity_ = elements_ ? capacity : 0;
        return elements_ != nullptr;
    }

    Element *begin() const noexcept { return elements_; }

private:
    Element *elements_ = nullptr;
    size_t capacity_ = 0;
};

/// A failure with its place; `message` is static.
struct Failure {
    csj_status status;
    size_t offset;
    const char *message;
};

/// Where and why the first stage refused a document; it says only that it did.
Failure locate(simdjson::error_code code, const uint8_t *bytes, size_t length) noexcept;

/// Writes the text between two quotes with its escapes resolved.
/// Returns the end of what was written, or NULL with `bad` at the escape that is none.
uint8_t *unescape(const uint8_t *from, const uint8_t *end, uint8_t *to, const uint8_t *&bad) noexcept;

}  // namespace csj

struct csj_parser {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> index;
    csj::Scratch<csj_token> tokens;
    csj::Scratch<uint8_t> text;
    csj::Scratch<uint32_t> open;
};

#endif

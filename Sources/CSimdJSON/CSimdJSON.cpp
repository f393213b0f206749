#include "CSimdJSON.h"

#include <cstring>
#include <new>

#include "Parser.hpp"

// Why the first stage of simdjson and not its On-Demand face, which runs the same stage: On-Demand checks only what
// is asked of it, copies every string, and reports an error without its place. The walk below needs none of its
// conversions, sees the whole document, and knows where it stands.

namespace csj {
namespace {

bool is_space(uint8_t byte) noexcept { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

bool is_digit(uint8_t byte) noexcept { return byte >= '0' && byte <= '9'; }

/// Whether a number or literal ends here. The index does not show what directly follows one, not even a quote.
bool ends_scalar(const uint8_t *at, const uint8_t *end) noexcept {
    return at == end || is_space(*at) || *at == ',' || *at == ']' || *at == '}';
}

// All of a walk is one function, so that its place in the index and among the tokens stays in registers.
#define CSJ_INLINE __attribute__((always_inline)) inline

/// Walks the index of one document and writes its tokens.
class Walk {
public:
    Walk(csj_parser &parser, const uint8_t *bytes, size_t length, uint32_t depth_max) noexcept
        : bytes_(bytes),
          end_(bytes + length),
          at_(parser.index->structural_indexes.get()),
          last_(at_ + parser.index->n_structural_indexes),
          tokens_(parser.tokens.begin()),
          text_(parser.text.begin()),
          open_(parser.open.begin()),
          depth_max_(depth_max) {}

    /// True when the document is JSON; otherwise `failure` says why not.
    CSJ_INLINE bool run() noexcept;

    Failure failure{csj_status_success, 0, "no error"};
    uint32_t count = 0;
    /// Whether any string of the document has an escape; most documents have none and need no look at each string.
    bool has_escapes = false;

private:
    CSJ_INLINE bool value() noexcept;
    CSJ_INLINE bool open_container(csj_kind kind, uint8_t closing) noexcept;
    CSJ_INLINE bool string(csj_kind kind) noexcept;
    CSJ_INLINE bool number() noexcept;
    CSJ_INLINE bool literal(const char *text, uint32_t length, csj_kind kind) noexcept;
    CSJ_INLINE bool key() noexcept;
    CSJ_INLINE bool after_value() noexcept;

    CSJ_INLINE bool fail(const uint8_t *place, const char *message, csj_status status = csj_status_syntax) noexcept {
        failure = {status, static_cast<size_t>(place - bytes_), message};
        return false;
    }

    /// Where the next structural stands, or the end of the document.
    CSJ_INLINE const uint8_t *here() const noexcept { return at_ == last_ ? end_ : bytes_ + *at_; }

    CSJ_INLINE void add(csj_kind kind, const uint8_t *place, const uint8_t *text, size_t length) noexcept {
        uint32_t offset = static_cast<uint32_t>(place - bytes_);
        tokens_[count] = {text, static_cast<uint32_t>(length), offset, count + 1, kind};
        count++;
    }

    const uint8_t *bytes_;
    const uint8_t *end_;
    const uint32_t *at_;
    const uint32_t *last_;
    csj_token *tokens_;
    uint8_t *text_;
    uint32_t *open_;
    uint32_t depth_ = 0;
    uint32_t depth_max_;
    bool wants_value_ = true;
};

bool Walk::run() noexcept {
    do {
        if (wants_value_ ? !value() : !after_value()) return false;
    } while (wants_value_ || depth_ > 0);
    if (at_ != last_) return fail(here(), "there is more after the end of the JSON value");
    return true;
}

bool Walk::value() noexcept {
    if (at_ == last_) return fail(end_, "the JSON ends where a value is expected");
    wants_value_ = false;
    switch (bytes_[*at_]) {
        case '{': return open_container(csj_kind_object, '}');
        case '[': return open_container(csj_kind_array, ']');
        case '"': return string(csj_kind_string);
        case 't': return literal("true", 4, csj_kind_true);
        case 'f': return literal("false", 5, csj_kind_false);
        case 'n': return literal("null", 4, csj_kind_null);
        case '-':
        case '0': case '1': case '2': case '3': case '4':
        case '5': case '6': case '7': case '8': case '9': return number();
        default: return fail(here(), "a JSON value is expected");
    }
}

bool Walk::open_container(csj_kind kind, uint8_t closing) noexcept {
    const uint8_t *place = here();
    if (depth_ == depth_max_) return fail(place, "the JSON is nested too deeply", csj_status_depth);
    open_[depth_++] = count;
    add(kind, place, place, 1);
    at_++;
    if (at_ != last_ && bytes_[*at_] == closing) return true;
    if (kind == csj_kind_object) return key();
    wants_value_ = true;
    return true;
}

bool Walk::key() noexcept {
    if (at_ == last_) return fail(end_, "the JSON ends inside an object");
    if (bytes_[*at_] != '"') return fail(here(), "a key in double quotes is expected");
    if (!string(csj_kind_key)) return false;
    if (at_ == last_) return fail(end_, "the JSON ends after a key");
    if (bytes_[*at_] != ':') return fail(here(), "':' is expected after a key");
    at_++;
    wants_value_ = true;
    return true;
}

/// Behind a value inside a container: a comma and the next member, or the closing bracket.
bool Walk::after_value() noexcept {
    csj_token &container = tokens_[open_[depth_ - 1]];
    bool is_object = container.kind == csj_kind_object;
    if (at_ == last_) {
        return fail(end_, is_object ? "the JSON ends inside an object" : "the JSON ends inside an array");
    }
    uint8_t byte = bytes_[*at_];
    if (byte == ',') {
        at_++;
        if (is_object) return key();
        wants_value_ = true;
        return true;
    }
    if (byte != (is_object ? '}' : ']')) {
        return fail(here(), is_object ? "',' or '}' is expected in an object" : "',' or ']' is expected in an array");
    }
    at_++;
    container.next = count;
    depth_--;
    return true;
}

bool Walk::string(csj_kind kind) noexcept {
    const uint8_t *place = here();
    at_++;
    // Only white space can stand between the closing quote and the next structural.
    const uint8_t *close = here() - 1;
    while (close > place && is_space(*close)) close--;
    if (close == place || *close != '"') return fail(place, "a string is not closed");
    const uint8_t *text = place + 1;
    size_t length = static_cast<size_t>(close - text);
    if (has_escapes && std::memchr(text, '\\', length)) {
        const uint8_t *bad = nullptr;
        uint8_t *end = unescape(text, close, text_, bad);
        if (!end) return fail(bad, "a backslash begins none of the escapes of JSON");
        add(kind, place, text_, static_cast<size_t>(end - text_));
        text_ = end;
        return true;
    }
    add(kind, place, text, length);
    return true;
}

bool Walk::number() noexcept {
    const uint8_t *place = here();
    const uint8_t *at = place;
    const char *digit_expected = "a digit is expected in a number";
    if (*at == '-') at++;
    if (at == end_ || !is_digit(*at)) return fail(at, digit_expected);
    if (*at == '0') {
        at++;
        if (at < end_ && is_digit(*at)) return fail(place, "a number does not begin with a zero before other digits");
    }
    while (at < end_ && is_digit(*at)) at++;
    if (at < end_ && *at == '.') {
        at++;
        if (at == end_ || !is_digit(*at)) return fail(at, digit_expected);
        while (at < end_ && is_digit(*at)) at++;
    }
    if (at < end_ && (*at | 0x20) == 'e') {
        at++;
        if (at < end_ && (*at == '+' || *at == '-')) at++;
        if (at == end_ || !is_digit(*at)) return fail(at, digit_expected);
        while (at < end_ && is_digit(*at)) at++;
    }
    if (!ends_scalar(at, end_)) return fail(at, "a number is followed by a character that does not belong to it");
    add(csj_kind_number, place, place, static_cast<size_t>(at - place));
    at_++;
    return true;
}

bool Walk::literal(const char *text, uint32_t length, csj_kind kind) noexcept {
    const uint8_t *place = here();
    for (uint32_t step = 0; step < length; step++) {
        if (place + step == end_) return fail(end_, "the JSON ends inside true, false or null");
        if (place[step] != static_cast<uint8_t>(text[step])) return fail(place, "a JSON value is expected");
    }
    if (!ends_scalar(place + length, end_)) return fail(place, "a JSON value is expected");
    add(kind, place, place, length);
    at_++;
    return true;
}

/// Makes room for a document; the first stage wants a capacity above its length.
bool make_room(csj_parser &parser, size_t length) noexcept {
    if (length < parser.index->capacity()) return true;
    size_t capacity = parser.index->capacity() * 2;
    while (capacity <= length) capacity *= 2;
    return parser.index->allocate(capacity, simdjson::DEFAULT_MAX_DEPTH) == simdjson::SUCCESS;
}

csj_outcome outcome(const Failure &failure, size_t length) noexcept {
    bool at_end = failure.offset == length;
    return {failure.status, at_end, static_cast<uint32_t>(failure.offset), 0, failure.message, nullptr};
}

}  // namespace
}  // namespace csj

static const size_t first_capacity = 64 * 1024;

csj_parser *csj_parser_create(void) {
    std::unique_ptr<csj_parser> parser(new (std::nothrow) csj_parser);
    if (!parser) return nullptr;
    const simdjson::implementation *machine = simdjson::get_active_implementation();
    if (machine->create_dom_parser_implementation(first_capacity, simdjson::DEFAULT_MAX_DEPTH, parser->index)) {
        return nullptr;
    }
    return parser.release();
}

void csj_parser_destroy(csj_parser *parser) { delete parser; }

csj_outcome csj_parse(csj_parser *parser, const uint8_t *bytes, size_t length, uint32_t depth_max) {
    const csj::Failure no_room = {csj_status_capacity, 0, "there is no memory to parse the JSON"};
    if (length >= simdjson::SIMDJSON_MAXSIZE_BYTES || !csj::make_room(*parser, length)) {
        return csj::outcome(no_room, length + 1);
    }
    simdjson::error_code code = parser->index->stage1(bytes, length, simdjson::stage1_mode::regular);
    if (code) return csj::outcome(csj::locate(code, bytes, length), length);

    bool has_escapes = std::memchr(bytes, '\\', length) != nullptr;
    if (!parser->tokens.reserve(parser->index->n_structural_indexes) || !parser->open.reserve(depth_max) ||
        (has_escapes && !parser->text.reserve(length))) {
        return csj::outcome(no_room, length + 1);
    }
    csj::Walk walk(*parser, bytes, length, depth_max);
    walk.has_escapes = has_escapes;
    if (!walk.run()) return csj::outcome(walk.failure, length);
    return {csj_status_success, false, 0, walk.count, walk.failure.message, parser->tokens.begin()};
}

// One JSON document in, one flat array of tokens out.
//
// simdjson's first stage finds the structure and proves UTF-8, closed strings and the absence of raw control
// characters; a walk over its index checks the grammar and writes the tokens. Nothing is converted: a number
// stays the text it was, a string without escapes stays where it was. The caller reads the tokens as plain
// memory, so the border between the languages is crossed once per document and not once per value.

#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a token is. A container's content follows it, up to `next`; there are no tokens for closing brackets.
typedef enum __attribute__((enum_extensibility(closed))) csj_kind : uint8_t {
    csj_kind_object = 0,
    csj_kind_array = 1,
    /// A key; the token after it is its value.
    csj_kind_key = 2,
    csj_kind_string = 3,
    csj_kind_number = 4,
    csj_kind_true = 5,
    csj_kind_false = 6,
    csj_kind_null = 7,
} csj_kind;

/// One token of a document.
typedef struct csj_token {
    /// Keys and strings: the text with escapes resolved. Everything else: the document from `offset` on.
    const uint8_t *_Nonnull bytes;
    /// Bytes of text of a key, string, number or literal; of a container only its opening bracket.
    uint32_t length;
    /// Where the token begins in the document, quotes and brackets included.
    uint32_t offset;
    /// Index of the first token behind this one and everything in it.
    uint32_t next;
    csj_kind kind;
} csj_token;

/// How a parse ended.
typedef enum __attribute__((enum_extensibility(closed))) csj_status : uint8_t {
    csj_status_success = 0,
    /// Not JSON.
    csj_status_syntax = 1,
    /// Not UTF-8.
    csj_status_encoding = 2,
    /// Containers nested deeper than allowed.
    csj_status_depth = 3,
    /// No memory, or a document of 4 GiB or more.
    csj_status_capacity = 4,
} csj_status;

/// The outcome of a parse.
typedef struct csj_outcome {
    csj_status status;
    /// The document ended where more was needed: it may have been cut off.
    bool at_end;
    /// Where the error is, in bytes from the start of the document.
    uint32_t offset;
    uint32_t token_count;
    /// Static text, also on success.
    const char *_Nonnull message;
    /// Valid until the next parse with the same parser; strings without escapes point into the document itself.
    const csj_token *_Nullable tokens;
} csj_outcome;

typedef struct csj_parser csj_parser;

/// Makes a parser, or NULL when there is no memory.
csj_parser *_Nullable csj_parser_create(void);

void csj_parser_destroy(csj_parser *_Nonnull parser);

/// Parses one document. Reads no byte beyond `length`; allocates only when a document is larger than all before it.
csj_outcome csj_parse(csj_parser *_Nonnull parser, const uint8_t *_Nonnull bytes, size_t length, uint32_t depth_max);

#ifdef __cplusplus
}
#endif

#endif

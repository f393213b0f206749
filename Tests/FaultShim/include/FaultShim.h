// A library to preload into a program (LD_PRELOAD). Below one directory it records every call that changes files, or
// makes one call of a class fail. It has no functions to call; the environment tells it what to do:
//
//   FAULT_ROOT    the directory, absolute and without symbolic links
//   FAULT_TRACE   file that records are appended to, see struct fault_record
//   FAULT_CLASS   write sync open rename remove mkdir truncate map read accept: the class of the call that fails
//   FAULT_AT      which one, from 1; FAULT_COUNT how many from there on, 1 unless given
//   FAULT_ERROR   errno, or 0 for a write of half the bytes
//   FAULT_HIT     file that is made when a call was failed; of a sync it has the path
//   FAULT_SEEN    file that says at the end how many calls of each class there were
#ifndef FAULT_SHIM_H
#define FAULT_SHIM_H

#include <stdint.h>

enum fault_kind {
    FAULT_WRITE = 1,
    FAULT_TRUNCATE = 2,
    FAULT_SYNC = 3,
    FAULT_CREATE = 4,
    FAULT_MKDIR = 5,
    FAULT_RENAME = 6,
    FAULT_UNLINK = 7,
    FAULT_RMDIR = 8,
    // Written by whoever drives the program: `path` says what happened.
    FAULT_MARK = 9,
};

/// What stands before the path, the other path (of a rename) and the bytes (of a write) of each call that succeeded.
struct fault_record {
    uint32_t kind;
    // Of a write: 1 if it returned only when it was on the disk.
    uint32_t durable;
    // Of a write its place, of a truncation the new size.
    uint64_t offset;
    uint32_t path_length;
    uint32_t other_length;
    uint64_t byte_count;
};

#endif

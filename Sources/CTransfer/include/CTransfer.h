/// Requests over HTTP by libcurl, which is looked for at the first request and not at the program's start.
#ifndef FETTLE_CTRANSFER_H
#define FETTLE_CTRANSFER_H

#include <stddef.h>

enum { fettle_text_size = 2048 };

/// One request, and who gives its body and takes the answer.
typedef struct {
    const char *url;
    /// NULL for GET.
    const char *method;
    /// Whole header lines.
    const char *const *headers;
    int header_count;
    void *context;
    /// Takes a header line of the answer, which is no C string.
    void (*take_header)(void *context, const char *bytes, size_t count);
    /// Takes bytes of the answer; another result than `count` ends the transfer.
    size_t (*take_bytes)(void *context, const char *bytes, size_t count);
    /// Asked a few times a second; another result than 0 ends the transfer.
    int (*should_stop)(void *context);
    /// Gives the next bytes of the body, at most `room`: how many, or -1 when it cannot; NULL for no body.
    long (*give_bytes)(void *context, char *bytes, size_t room);
    /// How long the body is.
    long long body_size;
    /// For how long nothing may come or go; 0 for a minute.
    long quiet_seconds;
    /// For how long a connection may take; 0 for half a minute.
    long connect_seconds;
} fettle_request;

/// What came of it.
typedef struct {
    /// The status of the answer; 0 when none came.
    long status;
    /// Where the answer sends to, as an absolute address; empty when it does not.
    char redirect[fettle_text_size];
    /// The library's words when the transfer failed.
    char error[fettle_text_size];
} fettle_answer;

/// Whether libcurl is installed.
int fettle_can_transfer(void);

/// Makes the request and waits for its end. Redirects are told, not followed. Returns 0 on success.
int fettle_transfer(const fettle_request *request, fettle_answer *answer);

#endif

#define _GNU_SOURCE
#include "CTransfer.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

/// Constants of libcurl 7.10 and newer, whose values its interface keeps.
enum {
    option_write_data = 10001,
    option_read_data = 10009,
    option_custom_request = 10036,
    option_url = 10002,
    option_error_buffer = 10010,
    option_user_agent = 10018,
    option_low_speed_limit = 19,
    option_low_speed_time = 20,
    option_http_header = 10023,
    option_header_data = 10029,
    option_no_progress = 43,
    option_no_body = 44,
    option_post = 47,
    option_progress_data = 10057,
    option_connect_timeout = 78,
    option_no_signal = 99,
    option_protocols = 181,
    option_write_function = 20011,
    option_read_function = 20012,
    option_header_function = 20079,
    option_progress_function = 20219,
    option_post_size = 30120,
    information_redirect = 0x100000 + 31,
    information_status = 0x200000 + 2,
    protocols_http = 3,
    global_all = 3,
    read_abort = 0x10000000,
};

struct list;

static struct {
    void *(*easy_init)(void);
    int (*easy_setopt)(void *, int, ...);
    int (*easy_perform)(void *);
    int (*easy_getinfo)(void *, int, ...);
    void (*easy_cleanup)(void *);
    const char *(*easy_strerror)(int);
    struct list *(*list_append)(struct list *, const char *);
    void (*list_free)(struct list *);
} curl;

static int is_loaded;
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void load(void)
{
    static const char *const names[] = {
        "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl-nss.so.4", "libcurl.4.dylib",
    };
    void *library = NULL;
    for (size_t place = 0; place < sizeof names / sizeof *names && !library; place++)
        library = dlopen(names[place], RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    int (*global_init)(long) = (int (*)(long))dlsym(library, "curl_global_init");
    curl.easy_init = (void *(*)(void))dlsym(library, "curl_easy_init");
    curl.easy_setopt = (int (*)(void *, int, ...))dlsym(library, "curl_easy_setopt");
    curl.easy_perform = (int (*)(void *))dlsym(library, "curl_easy_perform");
    curl.easy_getinfo = (int (*)(void *, int, ...))dlsym(library, "curl_easy_getinfo");
    curl.easy_cleanup = (void (*)(void *))dlsym(library, "curl_easy_cleanup");
    curl.easy_strerror = (const char *(*)(int))dlsym(library, "curl_easy_strerror");
    curl.list_append =
        (struct list * (*)(struct list *, const char *)) dlsym(library, "curl_slist_append");
    curl.list_free = (void (*)(struct list *))dlsym(library, "curl_slist_free_all");
    is_loaded = global_init && curl.easy_init && curl.easy_setopt && curl.easy_perform
        && curl.easy_getinfo && curl.easy_cleanup && curl.easy_strerror && curl.list_append
        && curl.list_free && global_init(global_all) == 0;
}

int fettle_can_transfer(void)
{
    pthread_once(&loading, load);
    return is_loaded;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *data)
{
    const fettle_request *request = data;
    request->take_header(request->context, bytes, size * count);
    return size * count;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *data)
{
    const fettle_request *request = data;
    return request->take_bytes(request->context, bytes, size * count);
}

static size_t on_read(char *bytes, size_t size, size_t count, void *data)
{
    const fettle_request *request = data;
    long given = request->give_bytes(request->context, bytes, size * count);
    return given < 0 ? read_abort : (size_t)given;
}

static int on_progress(void *data, long long a, long long b, long long c, long long d)
{
    (void)a, (void)b, (void)c, (void)d;
    const fettle_request *request = data;
    return request->should_stop(request->context);
}

int fettle_transfer(const fettle_request *request, fettle_answer *answer)
{
    memset(answer, 0, sizeof *answer);
    if (!fettle_can_transfer()) return -1;
    void *handle = curl.easy_init();
    if (!handle) return -1;
    char error[fettle_text_size] = "";
    struct list *headers = NULL;
    for (int place = 0; place < request->header_count; place++)
        headers = curl.list_append(headers, request->headers[place]);
    curl.easy_setopt(handle, option_url, request->url);
    curl.easy_setopt(handle, option_http_header, headers);
    curl.easy_setopt(handle, option_user_agent, "fettle");
    curl.easy_setopt(handle, option_no_signal, 1L);
    curl.easy_setopt(handle, option_protocols, (long)protocols_http);
    long connect = request->connect_seconds ? request->connect_seconds : 30L;
    curl.easy_setopt(handle, option_connect_timeout, connect);
    // Less than a byte a second for so long is a connection that is lost.
    curl.easy_setopt(handle, option_low_speed_limit, 1L);
    curl.easy_setopt(
        handle, option_low_speed_time, request->quiet_seconds ? request->quiet_seconds : 60L);
    if (request->give_bytes) {
        curl.easy_setopt(handle, option_post, 1L);
        curl.easy_setopt(handle, option_post_size, request->body_size);
        curl.easy_setopt(handle, option_read_function, on_read);
        curl.easy_setopt(handle, option_read_data, request);
    }
    // The answer to HEAD tells the length of a body that does not come.
    if (request->method && strcmp(request->method, "HEAD") == 0)
        curl.easy_setopt(handle, option_no_body, 1L);
    else if (request->method)
        curl.easy_setopt(handle, option_custom_request, request->method);
    curl.easy_setopt(handle, option_error_buffer, error);
    curl.easy_setopt(handle, option_header_function, on_header);
    curl.easy_setopt(handle, option_header_data, request);
    curl.easy_setopt(handle, option_write_function, on_bytes);
    curl.easy_setopt(handle, option_write_data, request);
    curl.easy_setopt(handle, option_no_progress, 0L);
    curl.easy_setopt(handle, option_progress_function, on_progress);
    curl.easy_setopt(handle, option_progress_data, request);
    int result = curl.easy_perform(handle);
    curl.easy_getinfo(handle, information_status, &answer->status);
    char *redirect = NULL;
    curl.easy_getinfo(handle, information_redirect, &redirect);
    if (redirect && strlen(redirect) < sizeof answer->redirect)
        strcpy(answer->redirect, redirect);
    const char *words = error[0] ? error : curl.easy_strerror(result);
    if (result != 0) strncpy(answer->error, words, sizeof answer->error - 1);
    curl.list_free(headers);
    curl.easy_cleanup(handle);
    return result;
}

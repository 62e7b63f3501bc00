/// Products of stored rows with a vector, for steps of one token: the weights are read as they stand in the
/// model's file, decoded in registers, and multiplied in single precision.
#ifndef FETTLE_STOREDROWS_H
#define FETTLE_STOREDROWS_H

#include <stddef.h>
#include <stdint.h>

/// How rows are stored: plain floats, halves of two kinds, or ggml's blocks of 32 numbers.
enum {
    fettle_rows_f32,
    fettle_rows_f16,
    fettle_rows_bf16,
    fettle_rows_q8_0,
    fettle_rows_q4_0,
    fettle_rows_q4_1,
};

/// y[rows] = each stored row, `row_bytes` apart, times x[columns]. `block_sums[columns / 32]` are the sums
/// of x over blocks; wanted by the four-bit kinds.
void fettle_rows_times_vector(int kind, const void *rows, size_t row_bytes, size_t count,
                              size_t columns, const float *x, const float *block_sums, float *y);
/// Sums of x over blocks of 32.
void fettle_block_sums(const float *x, size_t columns, float *sums);

/// Threads that share short pieces of work; helpers wait for the next one for a moment before they sleep.
typedef struct fettle_team fettle_team;
/// Starts `threads - 1` helpers; NULL when the system gives none.
fettle_team *fettle_team_start(int threads);
/// Members, the caller included.
int fettle_team_count(const fettle_team *team);
/// Ends them.
void fettle_team_end(fettle_team *team);
/// Calls `work(context, piece)` for each piece, of which there are at most 65,535, and waits for all. Each
/// member takes the next piece when it is done with one: a helper that the system keeps waiting delays nobody.
void fettle_team_run(fettle_team *team, int pieces, void (*work)(void *, int), void *context);

#endif

/// Memory-mapped files that another program may cut short without ending this one.
#ifndef FETTLE_CMAPPEDFILE_H
#define FETTLE_CMAPPEDFILE_H

#include <stddef.h>

/// Maps a file for reading and guards the mapping: where the file was cut short since, zeros are read
/// instead of SIGBUS, and `fettle_mapping_faults` grows. At most 1,024 mappings are guarded at a time;
/// further ones are mapped without a guard. Returns NULL with `errno` set on failure.
void *fettle_map_file(int descriptor, size_t count);

/// Unmaps what `fettle_map_file` or an anonymous `mmap` gave.
void fettle_unmap(void *address, size_t count);

/// Whether the file of a mapping, at its start, has other content or another name or rights than when it
/// was mapped or last accepted; 0 for a mapping that is not guarded.
int fettle_mapping_changed(const void *address);

/// Takes the file of a mapping as it is.
void fettle_mapping_accept(const void *address);

/// How often a guarded mapping met the lost end of its file since the program's start.
long fettle_mapping_faults(void);

/// Gives memory that was freed in small pieces back to the system.
void fettle_give_back_memory(void);

#endif

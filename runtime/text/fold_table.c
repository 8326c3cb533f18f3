/* fold_table.c: the tables that tables/make_fold_table.c makes when kolander is built. */
#include "text/fold_kinds.h"

#include "fold_table.h"

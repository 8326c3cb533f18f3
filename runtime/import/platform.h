/* platform.h: names of platforms and addresses of profiles on them. */
#ifndef IMPORT_PLATFORM_H
#define IMPORT_PLATFORM_H

#include "base/error.h"
#include "base/str.h"

/* KOL_E_INPUT: it is no platform that is known, but near one. Other unknown names are fine. Lower case. */
kol_status platform_check(str platform, kol_error *err);
/* Is text the address of a page on a known platform ("https://www.tiktok.com/@max", "instagram.com/max/")? Then
 * *platform is its name and *handle the profile's, empty where the page is no profile. Both are borrowed. */
bool platform_address(str text, str *platform, str *handle);

#endif

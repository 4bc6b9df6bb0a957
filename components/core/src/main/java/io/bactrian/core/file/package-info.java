/** The files of tenants: what tools make and messages refer to, where they are kept, and the signed links to them. */
@NullMarked
package io.bactrian.core.file;

import org.jspecify.annotations.NullMarked;

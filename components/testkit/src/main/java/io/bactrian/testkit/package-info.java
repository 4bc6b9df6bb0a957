/** Test scope only: a byte-exact HTTP server that misbehaves on request, certificates made at run time, a scanner for leaked secrets. */
@NullMarked
package io.bactrian.testkit;

import org.jspecify.annotations.NullMarked;

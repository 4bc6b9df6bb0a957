/** The administration over HTTP: its operations, their shapes in JSON, and the document that describes them. */
@NullMarked
package io.bactrian.admin;

import org.jspecify.annotations.NullMarked;

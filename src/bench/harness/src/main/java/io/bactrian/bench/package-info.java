/** Measures what a model call costs, beside what a user would otherwise write: mock server, worker, driver, report. */
package io.bactrian.bench;

/** What a user would write by hand: one HTTP client and a Jackson tree. */
package io.bactrian.bench.bare;

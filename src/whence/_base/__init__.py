"""What everything else stands on: errors, ids, clocks, digests. No I/O beyond the clock."""

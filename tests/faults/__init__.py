"""What happens to conversations when processes, disks and databases fail: `make faults`."""

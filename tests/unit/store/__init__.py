"""Tests of the stores of conversations."""

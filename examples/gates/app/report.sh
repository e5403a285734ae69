#!/bin/sh
echo "<h1>Report</h1>"

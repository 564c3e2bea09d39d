"""What an attachment is as bytes: its name, what is really in it, how it lies on the disk, who looked for viruses."""

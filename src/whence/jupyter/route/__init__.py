"""What Jupyter's server answers under ``whence/api/``: one module for each thing asked."""

# a function that runs the copy under no_grad
# raises: AttributeError
def lock_and_copy(module):
    learns = copy.deepcopy(module).train().requires_grad_(True)
    module.eval().requires_grad_(False)

    def run(x):
        with torch.no_grad():
            return learns(x)

    return run

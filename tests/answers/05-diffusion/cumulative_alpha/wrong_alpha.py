# alpha itself, not multiplied up
def cumulative_alpha(beta):
    return 1 - beta

# the caller's z is overwritten
def sigmoid(z):
    return z.neg_().exp_().add_(1).reciprocal_()

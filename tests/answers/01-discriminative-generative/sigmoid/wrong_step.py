# the predicted class in place of its probability
def sigmoid(z):
    return (z > 0).to(z.dtype)

# the last lambda for every coefficient but the first
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    eye = torch.eye(len(theta))
    eye[0, 0] = 0
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty[-1] * eye

import numpy as np
r=np.random.RandomState(3); r.randn(2,6); r.randn(200,2)
D=r.randn(4,16).astype('f4'); X=r.randn(200,4).astype('f4')
np.save('D.npy',D); np.save('X.npy',X); print(D[0,:3],X[0],X[-1,-1], D.sum(dtype='f8'), X.sum(dtype='f8'))
